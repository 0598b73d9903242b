/// What one thread does: takes what is ready, answers one request, gives the connection back.
struct Worker: Sendable {
    let queue: ReadyQueue
    let acceptor: Acceptor
    let exchange: Exchange
    let errands: Errands

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
                guard let connection = acceptor.accept() else {
                    queue.done()
                    continue
                }
                // Who connects and says nothing costs no thread.
                if acceptor.isReadable(connection) {
                    serve(connection, isNew: true, library, &buffer)
                } else {
                    queue.park(connection, isNew: true, lastRequest: nil)
                }
            case .errand:
                errands.doOne()
            }
        }
    }

    private func serve(_ connection: Int32, isNew: Bool, _ library: LibraryRequest, _ buffer: inout [UInt8]) {
        if library.begin(on: connection), let kept = exchange.answer(library, buffer: &buffer, isStopping: { queue.isStopping }) {
            queue.park(kept, isNew: isNew, lastRequest: library.requestID)
        } else {
            queue.done()
        }
    }
}
