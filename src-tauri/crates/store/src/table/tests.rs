mod create_intent;
mod apart;
mod due;
mod items;
mod remote;
mod runs;
mod shape;
