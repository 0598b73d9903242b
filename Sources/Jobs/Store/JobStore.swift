/// A whole store: where jobs are kept, and the limiter of all calls to Krea. Pages, dispatcher and commands meet only here, and each sees
/// only its own protocol.
public protocol JobStore: RequestStore, DispatchStore, OperatorStore {}
