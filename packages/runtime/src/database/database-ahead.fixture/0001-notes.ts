export { up } from '../database.fixture/0001-notes.ts'
