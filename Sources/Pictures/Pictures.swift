// Copies of pictures: fetched once and kept in a folder, as files named by their content.
//
// A copy is always a picture, whatever its host calls it, and it is whole and durable before its name is known. This module must not know
// jobs, the queue, the store, the pages or Krea: its callers say which picture to fetch, when, from which hosts, and which file to remove.
// No secret goes through it.
//
// A new picture format is a case of `PictureType`, with its first bytes in `FirstBytes` and its end in `PictureEnd`.
