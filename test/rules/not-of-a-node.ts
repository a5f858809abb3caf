/** Alerts about a whole cluster, which have no node to name. */
export const NOT_OF_A_NODE: readonly string[] = ['ForeshockClusterRoleDown'];
