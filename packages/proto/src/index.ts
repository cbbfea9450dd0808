export * from './gen/recommendations.ts'
