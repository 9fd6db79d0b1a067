// A person who opened the link wants to go on; programs that only look at links do not run this.
document.querySelector('[data-part="continue"]').requestSubmit();
