/** 1 for nodes whose kubelet started in the last half hour: its requests, pulls and status updates all come at once. */
export const KUBELET_STARTING = 'node:foreshock_kubelet_starting:info';
