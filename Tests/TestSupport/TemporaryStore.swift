import Glibc
package import Jobs
import SQLiteStore

/// A store of one test's own, whose files go with it. It loses nothing but what a loss of power would take.
package func temporaryStore(rules: PaceRules = PaceRules(), limits: QueueLimits = QueueLimits()) -> any JobStore {
    do {
        let folder = try TemporaryFolder(in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")
        return try SQLiteStore(path: folder.file("jobs.sqlite"), rules: rules, limits: limits, isDurable: false, in: folder)
    } catch {
        fatalError("No store for a test: \(error)")
    }
}
