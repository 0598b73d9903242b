// The domain: what a job is, which requests are valid, which models there are, what may happen when.
//
// Everything here is a value or a pure function of its arguments; `now` is always passed in. This module must not know
// HTTP, SQL, FastCGI, files, clocks or any package: the stores, the pages, the client of Krea and the dispatcher all
// depend on it, and it depends on none of them.
