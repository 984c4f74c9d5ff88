/** Node-RED's settings, composed from the validated environment; nothing else. They stand beside the runtime that uses them. */
export { nodeRedSettings, type SettingsParts } from './lib/runtime/settings';
