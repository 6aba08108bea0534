// Stands in a slim bundle for the SDK's cache of discovered endpoints (8 KB with its data structures): without endpoint
// discovery, which DynamoDB's clients only do when told to, nothing is ever asked of it.
export function EndpointCache(): void {
  // Made once for each client, and never used.
}
