"""A payment network to practise on: WeChat Pay's, Alipay's and an aggregator's own bad days."""
