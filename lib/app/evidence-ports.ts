// Signing evidence, as the use cases see it.

export interface EvidenceKey {
  readonly keyId: string;
  /** In one line: base64 of the key's DER form (SubjectPublicKeyInfo), which is the body of a PEM file. */
  readonly publicKey: string;
  /** Ed25519, in base64url. */
  readonly sign: (text: string) => string;
}

export interface EvidenceKeys {
  /** The same key every time. Undefined: there is no such organization. */
  readonly find: (organizationId: string) => Promise<EvidenceKey | undefined>;
}
