/** 1 for nodes whose kubelet started in the last half hour: it has everything to ask, to pull and to tell at once. */
export const KUBELET_STARTING = 'node:foreshock_kubelet_starting:info';
