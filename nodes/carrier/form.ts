export { actionForm as carrierForm } from '../common/action';
