export { callWithExtremeValues, type ExtremeAnswers } from './call-with-extreme-values.ts'
