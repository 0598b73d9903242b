// An HTTP/1.1 client on libcurl, whose TLS the distribution keeps up to date.
//
// Each request is one exchange: it follows no redirect, retries nothing, and uses no cookie, password file or cache. Everything that the other
// side sends is bounded. This module must not know Krea, jobs, pictures or webhooks: its callers decide whom to ask and what an answer means.
//
// A new option of a request is a member of `ClientRequest` and a line in `ActiveTransfer.setOptions`.

/// Makes HTTP/1.1 requests on its own thread, which ends with the client.
public final class HTTPClient: Sendable {
    private let loop: TransferLoop

    /// Starts the thread.
    ///
    /// - Parameter proxy: The proxy for requests that allow one. The environment's proxy variables are ignored.
    public init(proxy: HTTPProxy? = nil) {
        loop = TransferLoop(proxy)
        loop.start()
    }

    deinit {
        loop.stop()
    }

    /// Makes one exchange and returns the whole answer, whatever its status.
    ///
    /// - Throws: ``HTTPClientError``, whose case tells whether anything was sent. Cancelling the task throws it at once.
    public func perform(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        let transfer = Transfer(request, isStreamed: false)
        let head = try await run(transfer) { await transfer.end() }
        return ClientResponse(status: head.status, fields: head.fields, body: transfer.takeBody())
    }

    /// Makes one exchange and returns as soon as the head of the answer has come.
    ///
    /// The body is read from the connection no faster than the caller reads it.
    ///
    /// - Throws: ``HTTPClientError``, whose case tells whether anything was sent. Cancelling the task throws it at once.
    public func open(_ request: ClientRequest) async throws(HTTPClientError) -> StreamedResponse {
        let transfer = Transfer(request, isStreamed: true)
        let head = try await run(transfer) { await transfer.head() }
        return StreamedResponse(status: head.status, fields: head.fields, transfer: transfer, client: self)
    }

    private func run(
        _ transfer: Transfer, until isReady: @Sendable () async -> Result<Transfer.Head, HTTPClientError>
    ) async throws(HTTPClientError) -> Transfer.Head {
        loop.begin(transfer)
        return try await cancelling(transfer, isReady).get()
    }

    /// Runs `body`; cancelling the task ends the transfer.
    func cancelling<Value: Sendable>(_ transfer: Transfer, _ body: @Sendable () async -> Value) async -> Value {
        await withTaskCancellationHandler {
            await body()
        } onCancel: {
            loop.cancel(transfer)
        }
    }

    /// Ends a transfer whose answer no one reads any more.
    func abandon(_ transfer: Transfer) { loop.cancel(transfer) }

    /// Reads on, now that there is room for more of the body.
    func resume(_ transfer: Transfer) { loop.resume(transfer) }
}
