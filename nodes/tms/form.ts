export { actionForm as tmsForm } from '../common/action';
