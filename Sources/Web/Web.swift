// The pages and the JSON API: one function from a request to an answer, over a `RequestStore`.
//
// It reads and writes the store and nothing else; the time, new IDs and the logger are passed in. It knows neither FastCGI, sockets, a kind of
// store, Krea's API nor the dispatcher. It learns its mount point from each request (``MountedPath``), so there is no setting for it.
//
// A request's way: `Application` → `MountedPath` → `Route`, whose table says what is allowed → `RequestContext`, whose switch calls the handler →
// `Reply`. A handler makes a page (`Pages/`), text (`JobText`), a drawing (`SignedPictures/`) or JSON (`API/`). Refusals are thrown as `Refusal`
// and get their format in one place. What other web sites may do is in `Access/`. Answers that come later or go on
// (`LongPoll`, `JobEvents`, `JobStream`) keep a `JobReader` of their request; see `Waiting/`.
//
// Where the next thing goes:
// - a route: a case and a row in `Route`, its handler in `RequestContext.handle`, and, for programs, its operation in `OpenAPI/`;
// - a sentence: a member of `Texts`, and its words in each language; it does not compile while one is missing;
// - a language: a file in `Texts/` and a case of `Language`;
// - a refusal: a case of `Refusal.Reason`, with its status and its words in each language.
