/** The parameter that passes a template the name of its asset bucket. */
export const ASSET_BUCKET = 'LintelAssetBucket';
