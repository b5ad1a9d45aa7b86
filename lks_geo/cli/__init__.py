"""Words to calls: the only place that knows Click."""
