// Copies of pictures: fetched once, kept in a folder as files that are named by what is in them.
//
// A copy is always a picture, whatever its host calls it, and it is whole and durable before its name is known. This module must not know
// jobs, the queue, the store, pages or Krea: its callers say which picture to fetch, when, from which hosts, and which file is not needed
// any more. No secret goes through it.
//
// Where the next thing goes: a new format of pictures is a case of `PictureType` with its first bytes in `FirstBytes` and its end in
// `PictureEnd`.
