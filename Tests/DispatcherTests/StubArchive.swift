import Jobs
import Synchronization
import TestSupport

/// An archive without files: each fetch takes a second and ends as it was told to.
final class StubArchive: PictureArchive {
    private struct State {
        var results: [String: [Result<KeptPicture, PictureFailure>]] = [:]
        var fetches: [(url: String, at: Timestamp)] = []
        var files: Set<PictureFile> = []
        var old: [PictureFile] = []
        var searches: [Timestamp] = []
        var whenFetched: (@Sendable () -> Void)?
        var nextFile: UInt64 = 1
    }

    private let time: TestTime
    private let state = Mutex(State())

    init(_ time: TestTime) {
        self.time = time
    }

    /// What is fetched, and when that began.
    var fetches: [(url: String, at: Timestamp)] { state.withLock(\.fetches) }
    /// The files that are there.
    var files: Set<PictureFile> { state.withLock(\.files) }
    /// What the searches asked for.
    var searches: [Timestamp] { state.withLock(\.searches) }

    /// Lets the next fetches end like this; without, each brings a picture of its own.
    func tell(_ url: String = "", _ results: Result<KeptPicture, PictureFailure>...) {
        state.withLock { $0.results[url, default: []] += results }
    }

    /// Puts a file there that every search finds from now on.
    func put(_ file: PictureFile) {
        state.withLock { state in
            state.files.insert(file)
            state.old.append(file)
        }
    }

    /// Calls `body` when a fetch has ended, before it can be recorded.
    func whenFetched(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.whenFetched = body }
    }

    func fetch(_ url: String) async throws(PictureFailure) -> KeptPicture {
        let now = time.now
        time.advance(by: .seconds(1))
        let (result, whenFetched) = state.withLock { state in
            state.fetches.append((url, now))
            let told = ["", url].first { state.results[$0]?.isEmpty == false }
            var result = told.map { state.results[$0]!.removeFirst() }
            if result == nil {
                result = .success(KeptPicture(file: .sample(state.nextFile), bytes: 1))
                state.nextFile += 1
            }
            if case .success(let copy) = result { state.files.insert(copy.file) }
            return (result!, state.whenFetched)
        }
        whenFetched?()
        return try result.get()
    }

    func remove(_ file: PictureFile) throws {
        state.withLock { _ = $0.files.remove(file) }
    }

    func tidy(before moment: Timestamp) async throws -> [PictureFile] {
        state.withLock { state in
            state.searches.append(moment)
            return state.old
        }
    }
}
