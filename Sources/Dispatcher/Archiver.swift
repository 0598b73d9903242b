import Jobs
import Logging
import Synchronization

/// Fetches copies of the pictures of jobs that have completed, one at a time, and removes those that nobody needs any more.
///
/// Everything about files happens in this one task, in turn: a copy cannot be removed between being made and being recorded.
final class Archiver: DispatchService {
    /// How often the folder is searched for files that no picture has.
    static let searchInterval: Duration = .seconds(86_400)

    private struct Plan {
        var nextSearchAt: Timestamp?
        /// No fetch before this moment, because nothing could be written.
        var restsUntil = Timestamp.epoch
    }

    let rounds: Rounds
    private let archive: any PictureArchive
    private let plan = Mutex(Plan())
    private var surroundings: Surroundings { rounds.surroundings }

    init(rounds: Rounds, archive: any PictureArchive) {
        self.rounds = rounds
        self.archive = archive
    }

    func look() async throws -> Timestamp? {
        let nextSearch = try await searchIfDue()
        var next: Timestamp?
        while !rounds.loop.hasEnded {
            try removeUnneededFiles()
            let restsUntil = plan.withLock(\.restsUntil)
            let claim = try surroundings.store {
                $1 < restsUntil ? .notBefore(restsUntil) : try $0.claimPicture(by: rounds.epoch, at: $1)
            }
            guard case .granted(let fetch) = claim else {
                if case .notBefore(let moment) = claim { next = moment }
                break
            }
            try await carryOut(fetch)
        }
        return [next, nextSearch].compactMap(\.self).min()
    }

    private func carryOut(_ fetch: PictureFetch) async throws {
        let task = Task { [archive] () -> Result<KeptPicture, PictureFailure> in
            do throws(PictureFailure) { return .success(try await archive.fetch(fetch.url)) } catch { return .failure(error) }
        }
        // A large picture from a slow host must not keep the service from stopping. Nothing is lost: it is fetched later.
        rounds.loop.whenEnded { task.cancel() }
        let result = await task.value
        if case .failure = result, rounds.loop.hasEnded { return }

        let picture = try surroundings.store { try $0.recordPicture(result, for: fetch, at: $1) }
        var line: Logger.Metadata = ["job": "\(fetch.job)", "attempt": "\(fetch.attempt)"]
        switch result {
        case .success(let copy):
            line["bytes"] = "\(copy.bytes)"
            line["type"] = "\(copy.file.type.rawValue)"
            surroundings.attempts.count(AttemptMeter.Picture.kept)
            surroundings.logger.info("Kept a copy of a picture", metadata: line)
        case .failure(let failure):
            line["error"] = "\(failure)"
            if case .notStored = failure {
                let now = surroundings.now()
                plan.withLock { $0.restsUntil = now + Picture.pauseForStorage }
                surroundings.attempts.count(AttemptMeter.Picture.notStored)
                surroundings.logger.error("A copy of a picture cannot be stored", metadata: line)
            } else if picture?.isSettled ?? true {
                surroundings.attempts.count(AttemptMeter.Picture.givenUp)
                surroundings.logger.warning("There will be no copy of a picture", metadata: line)
            } else {
                surroundings.attempts.count(AttemptMeter.Picture.failed)
                surroundings.logger.notice("A picture could not be fetched", metadata: line)
            }
        }
    }

    private func removeUnneededFiles() throws {
        var hasMore = true
        while hasMore {
            hasMore = try surroundings.store { store, _ in
                try store.removeUnneededFiles(by: rounds.epoch) { file in
                    // What stays is found by the next search.
                    do {
                        try archive.remove(file)
                        surroundings.logger.info("Removed a copy of a picture", metadata: ["file": "\(file.name)"])
                    } catch {
                        surroundings.logger.error(
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
        let now = surroundings.now()
        if let next = plan.withLock(\.nextSearchAt), now < next { return next }
        let next = now + Self.searchInterval
        plan.withLock { $0.nextSearchAt = next }
        do {
            let old = try await archive.tidy(before: now - surroundings.keepFinished)
            try surroundings.store { store, _ in try store.suspectFiles(old, by: rounds.epoch) }
        } catch let failure as PictureFailure {
            surroundings.logger.error("The folder of pictures cannot be searched", metadata: ["error": "\(failure)"])
        }
        return next
    }
}
