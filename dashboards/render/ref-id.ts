/** What Grafana calls the queries of a panel: A, B, …, Z. */
export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
