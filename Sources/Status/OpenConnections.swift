import NIOCore
import Synchronization

/// The connections of a server, of which there are never many.
final class OpenConnections: Sendable {
    private let limit: Int
    /// The oldest first.
    private let channels = Mutex<[any Channel]>([])

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a connection until it is closed, and closes the oldest if there are too many: an asker that is served takes a moment, one that
    /// says nothing is in nobody's way.
    func add(_ channel: any Channel) {
        let oldest = channels.withLock { channels -> (any Channel)? in
            channels.append(channel)
            return channels.count > limit ? channels.removeFirst() : nil
        }
        oldest?.close(promise: nil)
        channel.closeFuture.whenComplete { [self] _ in channels.withLock { $0.removeAll { $0 === channel } } }
    }
}
