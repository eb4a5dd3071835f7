namespace EPimorfosi.Gateway.Pages.Proposals;

/// <summary>The texts of the pages about what centres propose (R6).</summary>
public sealed class ProposalTexts;
