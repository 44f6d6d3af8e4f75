"""What an error text of AKS or of Azure's network says, and the ways out."""
