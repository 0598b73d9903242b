// Copies of pictures: fetched once, kept in a folder as files that are named by what is in them.
//
// A copy is only ever a picture, whatever its host says that it is, and it is whole and durable before anybody hears of it. This module
// must not know jobs, the queue, the store or pages: which picture to fetch, when, and which file nobody needs any more, it is told. It
// must not know Krea either: from where pictures may be fetched, it is told too. No secret goes through it.
