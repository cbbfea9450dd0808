export {
  type Adjustment,
  type Pricing,
  type Promotion,
  type PromotionHint,
  priceLines,
  promotions,
  type UnpricedLine,
} from './price-lines.ts'
