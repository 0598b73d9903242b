import Foundation
import Synchronization

/// A place for a store's file that is gone with the test.
final class TemporaryStore: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "krea-fcgi-\(UUID().uuidString)")
    var path: String { folder.appending(path: "jobs.sqlite").path }

    init() {
        try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Counts what happens on any thread.
final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}
