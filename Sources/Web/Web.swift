// The pages and the JSON API: one function from a request to an answer, over a `RequestStore`.
//
// It reads and writes the store and nothing else; now, new IDs and the logger are passed in. It must not know FastCGI, sockets,
// any kind of store, Krea's API or who carries the jobs out. Where the service is mounted it learns from each request
// (``MountedPath``), so that there is no setting for it.
//
// The way of a request: `Application` → `MountedPath` → `Route` → a page (`FormPage`, `JobStatusPage`, `MyPictures`, `ProblemPage`), text
// (`JobText`), a drawing (`SignedPicture`) or JSON (`JobJSON`, `JobListJSON`, `ModelsJSON`, `ProblemJSON`, `OpenAPIDocument`) → `Reply`. What is
// refused is thrown as a `Refusal` and gets its shape in one place. What other web sites may do is in `Access/`.
//
// Where the next thing goes: a new route is a case of `Route`, with its handler in the folder of its kind and its operation in
// `API/OpenAPI/`; a sentence is a member of `Texts` in each language; a language is a file in `Texts/` and a case of `Language`.
