export { actionForm as erpForm } from '../common/action';
