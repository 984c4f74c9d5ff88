export { actionForm as wmsForm } from '../common/action';
