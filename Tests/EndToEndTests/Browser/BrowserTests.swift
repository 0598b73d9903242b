import Testing

/// What a real browser makes of the pages, and what a person can do with them: headless Chromium through nginx. One test at a time, since
/// all share one browser.
@Suite(.serialized, .chromium, .timeLimit(.minutes(5))) enum BrowserTests {}
