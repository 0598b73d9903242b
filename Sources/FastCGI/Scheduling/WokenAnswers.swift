import Answers
import CFastCGI
import Glibc
import Synchronization

/// The answers to be gone on with. They come a few at a time, so that other requests have their turn in between.
final class WokenAnswers: Sendable {
    /// One, with its connection and the reason.
    struct Woken {
        let connection: Int32
        let answer: OutgoingAnswer
        let occasion: Wait.Occasion
    }

    private struct List {
        var woken: [Woken] = []
        var taken = 0
    }

    /// How many are taken at once.
    private static let turn = 8

    /// Readable while there are any.
    let descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    private let list = Mutex(List())

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    var isEmpty: Bool { list.withLock(\.woken.isEmpty) }

    /// Adds some, which belong to this list from now on.
    func add(_ some: [Woken]) {
        guard !some.isEmpty else { return }
        list.withLock { list in
            if list.woken.isEmpty { eventfd_write(descriptor, 1) }
            list.woken += some
        }
    }

    /// The next few, which are the caller's now.
    func take() -> [Woken] {
        list.withLock { list in
            let some = Array(list.woken[list.taken...].prefix(Self.turn))
            list.taken += some.count
            if list.taken == list.woken.count {
                list = List()
                var value: eventfd_t = 0
                eventfd_read(descriptor, &value)
            }
            return some
        }
    }
}
