/** A certificate file: its name to show, its text to send; without a text it is one that is in use already. */
export interface PemFile {
  readonly name: string;
  readonly text?: string;
}
