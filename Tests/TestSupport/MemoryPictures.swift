package import Jobs

/// What the archiver needs; see `PictureStore`.
extension MemoryStore {
    package func claimPicture(by epoch: Int, at now: Timestamp) throws -> Claim<PictureFetch> {
        try write { contents in
            try contents.check(epoch)
            contents.listPictures(at: now)
            guard let due = contents.pictures.compactMap(\.picture.nextAttemptAt).min() else { return .nothing }
            let moment = max(due, contents.pace.silentUntil)
            guard now >= moment else { return .notBefore(moment) }
            // The newest job's first, and of one job the first.
            let newest = contents.pictures.enumerated().filter { $0.element.picture.nextAttemptAt.map { $0 <= now } ?? false }.min {
                let (left, right) = ($0.element, $1.element)
                return left.job == right.job ? left.id < right.id : contents.place(left.job) > contents.place(right.job)
            }
            guard let (index, row) = newest else { return .nothing }
            contents.pictures[index].picture.claim(at: now)
            let attempt = contents.pictures[index].picture.attempts
            return .granted(PictureFetch(id: row.id, epoch: epoch, job: row.job, url: row.picture.url, attempt: attempt))
        }
    }

    package func recordPicture(
        _ result: Result<KeptPicture, PictureFailure>, for fetch: PictureFetch, at now: Timestamp
    ) throws -> Picture? {
        try change { contents in
            try contents.check(fetch.epoch)
            contents.pace.recordPicture(result, at: now, rules: rules)
            guard let index = contents.pictures.firstIndex(where: { $0.id == fetch.id }) else {
                if case .success(let copy) = result { contents.unneeded.insert(copy.file) }
                return nil
            }
            contents.pictures[index].picture.record(result, at: now)
            let picture = contents.pictures[index].picture
            if case .failure(let failure) = result, failure.isExpiry {
                _ = try contents.update(fetch.job) { job, _ in _ = job.planRefresh(of: picture.url, at: now, rules: rules) }
            }
            return picture
        }
    }

    package func removeUnneededFiles(by epoch: Int, _ remove: (PictureFile) -> Void) throws -> Bool {
        try write { contents in
            try contents.check(epoch)
            let needed = Set(contents.pictures.compactMap(\.picture.kept?.file))
            for file in contents.unneeded where !needed.contains(file) { remove(file) }
            contents.unneeded = []
            return false
        }
    }

    package func suspectFiles(_ files: [PictureFile], by epoch: Int) throws {
        try write { contents in
            try contents.check(epoch)
            contents.unneeded.formUnion(files)
        }
    }
}

/// A row of the table of pictures.
struct MemoryPicture {
    let id: Int64
    let job: JobID
    var picture: Picture
}

extension MemoryContents {
    /// Lists the pictures of submissions that have completed.
    mutating func listPictures(at now: Timestamp) {
        for job in jobs {
            for url in job.urls where !pictures.contains(where: { $0.job == job.id && $0.picture.url.hasSameBytes(as: url) }) {
                lastPicture += 1
                pictures.append(MemoryPicture(id: lastPicture, job: job.id, picture: Picture(url: url, at: now)))
            }
        }
    }

    /// The pictures of completed submissions follow their addresses.
    mutating func movePictures(from former: Job, to job: Job) {
        for (old, new) in zip(former.submissions, job.submissions) where old.state == .completed {
            for (old, new) in zip(old.urls, new.urls) where old != new {
                guard let index = pictures.firstIndex(where: { $0.job == job.id && $0.picture.url == old }) else { continue }
                let picture = pictures[index].picture
                pictures[index].picture = Picture(url: new, at: .epoch)
                pictures[index].picture.attempts = picture.attempts
                pictures[index].picture.kept = picture.kept
                if picture.isSettled { pictures[index].picture.nextAttemptAt = nil }
            }
        }
    }

    mutating func removePictures(of removed: [JobID]) {
        unneeded.formUnion(pictures.filter { removed.contains($0.job) }.compactMap(\.picture.kept?.file))
        pictures.removeAll { removed.contains($0.job) }
    }

    /// The place of a job among all: the higher, the newer.
    func place(_ id: JobID) -> Int {
        jobs.firstIndex { $0.id == id } ?? 0
    }
}
