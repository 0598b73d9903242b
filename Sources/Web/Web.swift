// The pages and the JSON API: one function from a request to an answer, over a `JobStore`.
//
// It reads and writes the store and nothing else; now, new IDs and the logger are passed in. It must not know FastCGI, sockets,
// any kind of store, Krea's API or who carries the jobs out. Where the service is mounted it learns from each request
// (``MountedPath``), so that there is no setting for it.
//
// The way of a request: `Application` → `MountedPath` → `Route` → a page (`FormPage`, `JobStatusPage`, `MyPictures`, `ProblemPage`), text (`JobText`), a
// drawing (`SignedPicture`) or JSON (`JobJSON`, `JobListJSON`, `ModelsJSON`, `ProblemJSON`, `OpenAPIDocument`) → `Reply`. Whatever is refused is
// thrown as a `Refusal` and gets its shape in one place. What people read is in `Texts`, one file a language. What other web sites may do is in `CSRFGuard`, `CORS` and `Embedding`.
