export { actionForm as deskForm } from '../common/action';
