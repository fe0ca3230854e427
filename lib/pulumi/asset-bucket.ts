/** The parameter by which a template is told the name of its asset bucket. */
export const ASSET_BUCKET = 'LintelAssetBucket';
