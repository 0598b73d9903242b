import Jobs
import Logging
import Synchronization

/// Fetches copies of the pictures of jobs that have completed, one at a time, and removes those that are no longer needed.
///
/// Everything about files happens in this one task, in turn: a copy cannot be removed between being made and being recorded.
final class PictureFetcher: DispatchService {
    /// How often the folder is searched for files that no picture has.
    static let searchInterval: Duration = .seconds(86_400)

    private struct Plan {
        var nextSearchAt: Timestamp?
        /// No fetch before this moment, because nothing could be written.
        var restsUntil = Timestamp.epoch
    }

    let context: ServiceContext
    private let archive: any PictureArchive
    private let plan = Mutex(Plan())
    private var dependencies: Dependencies { context.dependencies }

    init(context: ServiceContext, archive: any PictureArchive) {
        self.context = context
        self.archive = archive
    }

    func runOnce() async throws -> Timestamp? {
        let nextSearch = try await searchIfDue()
        try removeUnneededFiles()
        let next = try await context.whileGranted { store, epoch, now in
            let restsUntil = plan.withLock(\.restsUntil)
            return now < restsUntil ? .notBefore(restsUntil) : try store.claimPicture(by: epoch, at: now)
        } make: { fetch in
            try await carryOut(fetch)
            try removeUnneededFiles()
        }
        return [next, nextSearch].compactMap(\.self).min()
    }

    private func carryOut(_ fetch: PictureFetch) async throws {
        let task = Task { [archive] () -> Result<KeptPicture, PictureFailure> in
            do throws(PictureFailure) { return .success(try await archive.fetch(fetch.url)) } catch { return .failure(error) }
        }
        // A large picture from a slow host must not keep the service from stopping. Nothing is lost: it is fetched later.
        context.loop.whenEnded { task.cancel() }
        let result = await task.value
        if case .failure = result, context.loop.hasEnded { return }

        let picture = try dependencies.store { try $0.recordPicture(result, for: fetch, at: $1) }
        var line: Logger.Metadata = ["job": "\(fetch.job)", "attempt": "\(fetch.attempt)"]
        switch result {
        case .success(let copy):
            line["bytes"] = "\(copy.bytes)"
            line["type"] = "\(copy.file.type.rawValue)"
            dependencies.attempts.count(AttemptMeter.Picture.kept)
            dependencies.logger.info("Kept a copy of a picture", metadata: line)
        case .failure(let failure):
            line["error"] = "\(failure)"
            if case .notStored = failure {
                let now = dependencies.now()
                plan.withLock { $0.restsUntil = now + Picture.pauseForStorage }
                dependencies.attempts.count(AttemptMeter.Picture.notStored)
                dependencies.logger.error("A copy of a picture cannot be stored", metadata: line)
            } else if picture?.isSettled ?? true {
                dependencies.attempts.count(AttemptMeter.Picture.givenUp)
                dependencies.logger.warning("There will be no copy of a picture", metadata: line)
            } else {
                dependencies.attempts.count(AttemptMeter.Picture.failed)
                dependencies.logger.notice("A picture could not be fetched", metadata: line)
            }
        }
    }

    private func removeUnneededFiles() throws {
        var hasMore = true
        while hasMore {
            hasMore = try dependencies.store { store, _ in
                try store.removeUnneededFiles(by: context.epoch) { file in
                    // What stays is found by the next search.
                    do {
                        try archive.remove(file)
                        dependencies.logger.info("Removed a copy of a picture", metadata: ["file": "\(file.name)"])
                    } catch {
                        dependencies.logger.error(
                            "A copy of a picture cannot be removed", metadata: ["file": "\(file.name)", "error": "\(error)"])
                    }
                }
            }
        }
    }

    /// Searches the folder at the start and once a day for files that no picture has: a process was killed after it had made them.
    ///
    /// Only files come into question that are older than any job can be that has finished: should the store ever be lost, or the folder
    /// be that of another store, no picture that was paid for is lost at once.
    ///
    /// - Returns: When the next search is due.
    private func searchIfDue() async throws -> Timestamp {
        let now = dependencies.now()
        if let next = plan.withLock(\.nextSearchAt), now < next { return next }
        let next = now + Self.searchInterval
        plan.withLock { $0.nextSearchAt = next }
        do {
            let old = try await archive.tidy(before: now - dependencies.keepFinished)
            try dependencies.store { store, _ in try store.suspectFiles(old, by: context.epoch) }
        } catch let failure as PictureFailure {
            dependencies.logger.error("The folder of pictures cannot be searched", metadata: ["error": "\(failure)"])
        }
        return next
    }
}
