mod apart;
mod create_intent;
mod due;
mod items;
mod leaving;
mod remote;
mod runs;
mod shape;
