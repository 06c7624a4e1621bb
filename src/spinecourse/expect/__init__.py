"""What is realistic? The expected course of a group under each treatment, from the published evidence."""
