/** Where an undo that awaits a person's approval is parked: no node of a flow, the engine itself goes on from there. */
export const healingNodeId = 'reroute:healing';
