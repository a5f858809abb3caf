/** Texts of panels without data that several panels share. */
export const NO_NODE_ROLE = 'No data from `foreshock node`';
export const NO_CLUSTER_ROLE = 'No data from `foreshock cluster`';
export const NO_NODE_EXPORTER = 'No data from node_exporter';
export const NO_KUBELET_METRICS = 'No metrics of the kubelet itself';
export const NO_DAEMONS = 'No kubelet or container runtime found';
export const NO_IMAGE_FILESYSTEM = 'Image filesystem unknown';
export const NO_IMAGES = 'No data about images';
export const NO_CONTAINERS = 'No data about containers';
export const NO_CONTAINER_LOGS = 'No container logs to files';
export const NO_WRITABLE_LAYERS = 'No data about writable layers';
