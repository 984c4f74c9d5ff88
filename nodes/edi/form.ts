export { actionForm as ediForm } from '../common/action';
