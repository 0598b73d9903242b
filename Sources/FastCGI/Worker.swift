/// What one thread does: takes what is ready, answers one request, gives the connection back.
struct Worker: Sendable {
    let queue: ReadyQueue
    let acceptor: Acceptor
    let exchange: Exchange
    let errands: Errands
    let scoreboard: Scoreboard

    /// Works as the worker with this number, from 0, until the queue says stop.
    func run(_ number: Int) {
        let place = scoreboard.places[number]
        let library = LibraryRequest()
        let role = Leadership.Role(queue.leadership)
        while true {
            switch queue.next(role) {
            case .stop:
                return
            case .connection(let connection):
                serve(connection, isNew: false, library, place, role)
            case .listening:
                guard let connection = acceptor.accept() else {
                    queue.done()
                    continue
                }
                // Who connects and says nothing costs no thread.
                if acceptor.isReadable(connection) {
                    serve(connection, isNew: true, library, place, role)
                } else {
                    queue.park(connection, isNew: true, lastRequest: nil)
                }
            case .errand:
                errands.doOne()
            }
        }
    }

    private func serve(
        _ connection: Int32, isNew: Bool, _ library: LibraryRequest, _ place: Scoreboard.Place,
        _ role: Leadership.Role
    ) {
        scoreboard.begin(place)
        defer { scoreboard.end(place) }
        if library.begin(on: connection),
            let kept = exchange.answer(library, place: place, role: role, isStopping: { queue.isStopping })
        {
            queue.park(kept, isNew: isNew, lastRequest: library.requestID)
        } else {
            queue.done()
        }
    }
}
