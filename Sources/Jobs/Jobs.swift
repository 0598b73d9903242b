// The domain: what a job is, which requests are valid, which models there are, what may happen when.
//
// Everything here is a value or a pure function of its arguments; `now` is always passed in. This module must not know
// HTTP, SQL, FastCGI, files, clocks or any package: the stores, the pages, the client of Krea and the dispatcher all
// depend on it. It depends on nothing but PlainText.
//
// Where the next thing goes: a new model is one row of `Model.all`, whose first route takes the brief's members; a stand-in route that takes
// others is one row of `BuiltInRoutes`, until Krea's own document is read. A member of requests is a case of
// `RequestField`; a reason why a job failed is a case of `JobFailure.Code`; a rule of the pace is a method of `Pace`, with its check in
// `Audit`; a new store implements the protocols in `Store/` and runs the conformance suites.
