"""Selling: the basket, the completed sale, held baskets, receipts."""
