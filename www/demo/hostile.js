// What some pages do to the built-ins: an option that is only inherited must not count, nor an enumerable helper be met in a loop,
// nor fetch be trusted to resolve at once.
Object.prototype.open = true;
Array.prototype.last = function () {
  return this[this.length - 1];
};
const pageFetch = window.fetch;
window.fetch = async (...args) => pageFetch.apply(window, args);
