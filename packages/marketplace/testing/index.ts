export { findPageProblems, type PageProblems } from './find-page-problems.ts'
