/** Every page there is. */
export { buyPage } from './buy.ts';
export { codesPage } from './codes.ts';
export { composePage } from './compose.ts';
export { addPage, currenciesPage } from './currencies.ts';
export {
  closedPage,
  recoverPage,
  secondFactorPage,
  signInPage,
  signUpPage,
  signedOutPage,
  welcomePage,
} from './entry.ts';
export { brokenPage, errorPage, notFoundPage } from './error-page.ts';
export { inboxPage, sentPage } from './folder.ts';
export { historyPage } from './history.ts';
export { notePage } from './note.ts';
export { offerPage } from './offer.ts';
export { pursePage } from './purse.ts';
export { receivePage } from './receive.ts';
export { payOutPage, redeemPage } from './redeem.ts';
export { payPage, requestPage, requestsPage } from './request.ts';
export { settingsPage } from './settings.ts';
export { titleServersPage, titlesPage } from './titles.ts';
export { giveTitlesPage } from './titles-give.ts';
export { receiveTitlesPage } from './titles-receive.ts';
export { verifyTitlesPage } from './titles-verify.ts';
export { tokenPage, wordsPage } from './words-page.ts';
