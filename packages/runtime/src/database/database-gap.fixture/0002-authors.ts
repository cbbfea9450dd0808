export { up } from '../database-ahead.fixture/0002-authors.ts'
