/** The traffic generator: what partners send to a runtime on an ordinary or a bad day. `reroute simulate` calls `simulate`. */
export { type Delivery, type PlanOptions, plan } from './plan';
export {
  defaultMix,
  type Mix,
  type Partner,
  parseMix,
  partners,
  type ScenarioName,
  scenarioNames,
  scenarios,
} from './scenarios';
export { type Shipment, type ShipmentOptions, shipmentOf } from './shipment';
export { signatureHeaders } from './sign';
export { type Secrets, type SimulateOptions, type SimulateReport, simulate } from './simulate';
