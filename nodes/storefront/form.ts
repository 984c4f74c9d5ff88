export { actionForm as storefrontForm } from '../common/action';
