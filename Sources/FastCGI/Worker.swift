/// What one thread does: takes what is ready, answers one request, gives the connection back.
struct Worker: Sendable {
    let queue: ReadyQueue
    let acceptor: Acceptor
    let exchange: Exchange

    /// Works until the queue says stop.
    func run() {
        let library = LibraryRequest()
        var buffer: [UInt8] = []
        while true {
            switch queue.next() {
            case .stop:
                return
            case .connection(let connection):
                serve(connection, isNew: false, library, &buffer)
            case .listening:
                guard let connection = acceptor.accept() else { continue }
                // Who connects and says nothing costs no thread.
                if acceptor.isReadable(connection) {
                    serve(connection, isNew: true, library, &buffer)
                } else {
                    queue.park(connection, isNew: true)
                }
            }
        }
    }

    private func serve(_ connection: Int32, isNew: Bool, _ library: LibraryRequest, _ buffer: inout [UInt8]) {
        guard library.begin(on: connection) else { return }
        if let kept = exchange.answer(library, buffer: &buffer, isStopping: { queue.isStopping }) {
            queue.park(kept, isNew: isNew)
        }
    }
}
